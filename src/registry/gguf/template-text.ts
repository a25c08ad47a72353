import { finding, type TemplateFinding } from './template-finding.ts';
import { nodesIn, valueOf, type TemplateNode } from './template-ast.ts';

const ADDRESS =
  /\b(?:https?|ftp|file|javascript|data):\/{0,2}[^\s'"]{3,}|\bwww\.[a-z0-9-]+\.[a-z]{2,}|\]\(\s*[a-z]+:/i;
/** Zero-width, direction and tag characters: text that a reviewer does not see. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}\u00ad]/u;
/** Orders about what to hide, leak or promote; in Czech too. */
const INSTRUCTIONS = [
  /\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|rules|messages?|polic(?:y|ies)|above|previous)\b/i,
  /\b(?:do not|don't|never)\b.{0,30}\b(?:mention|reveal|disclose|tell|admit|warn)\b/i,
  /\b(?:always|secretly|silently)\b.{0,30}\b(?:recommend|append|include|insert|praise|advertise|leak|send)\b/i,
  /\b(?:send|post|forward|exfiltrate|upload)\b.{0,40}\b(?:password|secret|credential|token|api key|conversation)s?\b/i,
  /(?:ignoruj|zapomeň|neříkej|nezmiňuj|neprozraď|zamlč|vždy doporuč|vždy uveď|pošli heslo)/i,
];

/** What the template's own words say, wherever they stand. */
export function* textRules(program: TemplateNode, template: string): Generator<TemplateFinding> {
  const invisible = INVISIBLE.exec(template);
  if (invisible !== null)
    yield finding('invisible-characters', `U+${invisible[0].codePointAt(0)!.toString(16)}`);
  for (const text of ownTexts(program)) {
    const address = ADDRESS.exec(text);
    if (address !== null) yield finding('address', address[0]);
    for (const pattern of INSTRUCTIONS) {
      const match = pattern.exec(text);
      if (match !== null) yield finding('instruction', match[0]);
    }
  }
}

function ownTexts(program: TemplateNode): string[] {
  return [...nodesIn(program)]
    .filter((node) => node.type === 'StringLiteral')
    .map((node) => valueOf(node) ?? '');
}
