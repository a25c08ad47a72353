// Renders one chat template, again and again, in a process that can be ended: a template is a program from outside,
// and a thread that runs out of memory takes its whole process along.
import { Template } from '@huggingface/jinja';

let template: Template | undefined;

function render(message: unknown): { readonly text: string } | { readonly error: string } {
  try {
    if (typeof message !== 'object' || message === null) throw new Error('not a request');
    if ('template' in message && typeof message.template === 'string')
      template = new Template(message.template);
    if (template === undefined) throw new Error('no template');
    return { text: 'variables' in message ? template.render(Object(message.variables)) : '' };
  } catch (error) {
    return { error: error instanceof Error ? error.message : 'failed' };
  }
}

process.on('message', (message) => process.send?.(render(message)));
process.on('disconnect', () => process.exit(0));
