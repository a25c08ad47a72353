import { chatModelConformance } from '#test/conformance/chat-model.ts';
import { createExtractiveModel } from './extractive-model.ts';

chatModelConformance({ name: 'extractive model', create: async () => createExtractiveModel() });
