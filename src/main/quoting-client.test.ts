import { after } from 'node:test';
import { chatModelConformance } from '#test/conformance/chat-model.ts';
import { QuotingClient } from './quoting-client.ts';

// One thread for all: each takes a while to start.
const client = new QuotingClient();
after(() => client[Symbol.asyncDispose]());

chatModelConformance({
  name: 'extractive model in its thread',
  create: async () => ({
    name: client.name,
    mode: client.mode,
    contextTokens: client.contextTokens,
    location: client.location,
    countTokens: (text) => client.countTokens(text),
    stream: (request, signal) => client.stream(request, signal),
  }),
});
