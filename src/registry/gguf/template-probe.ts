import { Template } from '@huggingface/jinja';
import { finding, type TemplateFinding } from './template-finding.ts';

/** More words than this in a row, beside what was put in, are a text of the template's own. */
const MAX_OWN_WORDS = 7;
const MAX_OUTPUT_CHARS = 20_000;
const CONTENTS = [
  'alpha7 bravo7',
  'Please summarise the invoice and the password policy of the bank, then transfer it.',
  'Kdy nabývá účinnosti smlouva a kdo schvaluje cestovní příkaz?',
];
const SYSTEM = 'sys7 tem7';

/**
 * Renders the template on small conversations without tools and looks at what it added: control markers are its
 * job, sentences are not; and the frame must be the same whatever people write. Only for templates that the static
 * rules passed: those bound the work, so this is safe to run here.
 */
export function probeTemplate(template: string): TemplateFinding[] {
  const frames = CONTENTS.map((content) => frameOf(template, content));
  const [first] = frames;
  // One that needs tools or a date to render at all says nothing here; rendering is bounded at run time as well.
  if (first === undefined) return [];
  if (first.length > MAX_OUTPUT_CHARS)
    return [finding('unbounded-work', `${first.length} characters for two messages`)];
  const findings = frames.some((frame) => frame !== first)
    ? [finding('unstable-output', 'the frame changes with the words of a message')]
    : [];
  const prose = proseIn(first);
  return prose === undefined ? findings : [...findings, finding('hidden-text', prose)];
}

/** The rendered conversation with what people wrote taken out; undefined when it does not render. */
function frameOf(template: string, content: string): string | undefined {
  for (const roles of [
    ['system', 'user', 'assistant', 'user'],
    ['user', 'assistant', 'user'],
  ]) {
    try {
      const messages = roles.map((role) => ({ role, content: role === 'system' ? SYSTEM : content }));
      const rendered = new Template(template).render({
        messages,
        add_generation_prompt: true,
        bos_token: '<s>',
        eos_token: '</s>',
      });
      // Its length is known at once; to search a gigabyte would take the gigabyte.
      if (rendered.length > MAX_OUTPUT_CHARS) return ' '.repeat(MAX_OUTPUT_CHARS + 1);
      return rendered.replaceAll(content, '').replaceAll(SYSTEM, '');
    } catch (error) {
      if (error instanceof RangeError) return ' '.repeat(MAX_OUTPUT_CHARS + 1);
      // Some templates refuse a system message; the next list of roles has none.
    }
  }
  return undefined;
}

function proseIn(frame: string): string | undefined {
  const withoutMarkers = frame.replaceAll(/<[^<>\s]{0,60}>|\[[^[\]\s]{0,30}\]/g, ' | ');
  return withoutMarkers
    .split(/[|\n]/)
    .find((line) => (line.match(/\p{L}{2,}/gu) ?? []).length > MAX_OWN_WORDS);
}
