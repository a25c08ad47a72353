import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { readFontDescriptors } from './font-descriptors.ts';

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test('heights of a font are what its descriptor says, also when it is written out of order', () => {
  const file = bytesOf(
    '5 0 obj <</Type/FontDescriptor /Ascent 905.2 /FontName/ABCDEF+Arial#20Narrow /Style <</Panose(x)>> /Descent -212 /FontFile2 7 0 R>> endobj',
  );
  assert.deepEqual(
    [...readFontDescriptors(file)],
    [['ABCDEF+Arial Narrow', { ascent: 905.2, descent: -212, isEmbedded: true }]],
  );
});

test('descriptors in a packed stream of objects are found; one in a broken stream is passed over', () => {
  const packed = deflateSync('4 0 <</FontName/Times-Roman/Ascent 683/Descent 12 0 R>>');
  const stream = (body: Uint8Array): Uint8Array =>
    Buffer.concat([
      bytesOf('9 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode>> stream\r\n'),
      body,
      bytesOf('\nendstream endobj\n'),
    ]);
  const file = Buffer.concat([stream(bytesOf('not packed at all')), stream(packed)]);
  // The height that stands in another object is left open.
  assert.deepEqual(
    [...readFontDescriptors(file)],
    [['Times-Roman', { ascent: 683, descent: undefined, isEmbedded: false }]],
  );
});

test('the descriptor that was appended last counts', () => {
  const one = (ascent: number): string => `<</FontName/F/Ascent ${ascent}/Descent -200>>\n`;
  assert.equal(readFontDescriptors(bytesOf(one(700) + one(800))).get('F')?.ascent, 800);
});

test('no bytes make it fail', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '/FontName',
          '/F ',
          '<<',
          '>>',
          '/Ascent ',
          '9',
          '/ObjStm',
          'stream\n',
          'endstream',
          '#g0',
        ),
      ),
      (parts) => {
        readFontDescriptors(bytesOf(parts.join('')));
      },
    ),
  );
});
