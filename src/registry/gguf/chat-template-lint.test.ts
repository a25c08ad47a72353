import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POISONED_TEMPLATES } from '#test/poisoned-templates.ts';
import { lintChatTemplate } from './chat-template-lint.ts';

const SOUND: Readonly<Record<string, string>> = {
  'a plain loop over messages':
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
  'a default system text when there is none':
    "{% if messages[0].role != 'system' %}<|im_start|>system\nYou are a helpful assistant that answers questions briefly and well.<|im_end|>\n{% endif %}{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}",
  'thoughts taken out of earlier answers':
    "{% for m in messages %}{% set c = m.content %}{% if m.role == 'assistant' and '</think>' in c %}{% set c = c.split('</think>')[-1].lstrip('\\n') %}{% endif %}<|{{ m.role }}|>{{ c }}<|end|>{% endfor %}",
  'roles that must alternate':
    "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate.') }}{% endif %}[INST] {{ m['content'] | trim }} [/INST]{% endfor %}",
  'a date in the frame':
    "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}<|assistant|>{{ strftime_now('%d %b %Y') }}",
};

for (const [name, template] of Object.entries(POISONED_TEMPLATES)) {
  test(`a template that ${name} is found out`, () => {
    const startedAt = performance.now();
    assert.notDeepEqual(lintChatTemplate(template), []);
    assert.ok(performance.now() - startedAt < 2_000, 'the judgement must not take the time of the poison');
  });
}

for (const [name, template] of Object.entries(SOUND)) {
  test(`${name} passes`, () => assert.deepEqual(lintChatTemplate(template), []));
}

test('evidence is short enough to show', () => {
  for (const template of Object.values(POISONED_TEMPLATES))
    for (const { evidence } of lintChatTemplate(template)) assert.ok(evidence.length <= 120);
});
