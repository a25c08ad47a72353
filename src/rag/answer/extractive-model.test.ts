import { chatModelConformance } from '#test/conformance/chat-model.ts';
import { ExtractiveModel } from './extractive-model.ts';

chatModelConformance({ name: 'extractive model', create: async () => new ExtractiveModel() });
