import { chatModelConformance } from '#test/conformance/chat-model.ts';
import { ScriptedChatModel } from '#test/fakes/scripted-chat-model.ts';

// A fake passes what the real ones pass, so that it cannot lie.
chatModelConformance({
  name: 'scripted fake',
  create: async () => new ScriptedChatModel(['Dva ', 'měsíce.']),
});
