/** Width and height of a picture in pixels, and its resolution when it says one. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
  readonly dotsPerInch: number | undefined;
}

const INCH_IN_METERS = 0.0254;

function readPng(view: DataView): ImageSize | undefined {
  if (view.byteLength < 33 || view.getUint32(0) !== 0x89504e47) return undefined;
  let dotsPerInch: number | undefined;
  for (let at = 8; at + 21 <= Math.min(view.byteLength, 4096); at += 12 + view.getUint32(at)) {
    const isPhysical = view.getUint32(at + 4) === 0x70485973;
    if (isPhysical && view.getUint8(at + 16) === 1) dotsPerInch = view.getUint32(at + 8) * INCH_IN_METERS;
  }
  return { width: view.getUint32(16), height: view.getUint32(20), dotsPerInch };
}

function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function readJpeg(view: DataView): ImageSize | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let dotsPerInch: number | undefined;
  for (
    let at = 2;
    at + 12 <= view.byteLength && view.getUint8(at) === 0xff;
    at += 2 + view.getUint16(at + 2)
  ) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xe0 && view.getUint8(at + 11) === 1 && at + 14 <= view.byteLength)
      dotsPerInch = view.getUint16(at + 12);
    if (isFrameHeader(marker))
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), dotsPerInch };
  }
  return undefined;
}

function readGif(view: DataView): ImageSize | undefined {
  if (view.byteLength < 10 || view.getUint32(0) !== 0x47494638) return undefined;
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), dotsPerInch: undefined };
}

function readBmp(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30 || view.getUint16(0) !== 0x424d) return undefined;
  const height = Math.abs(view.getInt32(22, true));
  return { width: view.getInt32(18, true), height, dotsPerInch: undefined };
}

const WIDTH_TAG = 256;
const HEIGHT_TAG = 257;

function readTiff(view: DataView): ImageSize | undefined {
  if (view.byteLength < 16) return undefined;
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return undefined;
  const isLittle = order === 0x4949;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > view.byteLength) return undefined;
  const values = new Map<number, number>();
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < count && directory + 14 + index * 12 <= view.byteLength; index++) {
    const at = directory + 2 + index * 12;
    const isShort = view.getUint16(at + 2, isLittle) === 3;
    values.set(
      view.getUint16(at, isLittle),
      isShort ? view.getUint16(at + 8, isLittle) : view.getUint32(at + 8, isLittle),
    );
  }
  const width = values.get(WIDTH_TAG);
  const height = values.get(HEIGHT_TAG);
  return width === undefined || height === undefined ? undefined : { width, height, dotsPerInch: undefined };
}

function readWebp(view: DataView): ImageSize | undefined {
  if (view.byteLength < 30 || view.getUint32(8) !== 0x57454250) return undefined;
  const kind = view.getUint32(12);
  if (kind === 0x56503858) {
    const read24 = (at: number): number => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    return { width: read24(24) + 1, height: read24(27) + 1, dotsPerInch: undefined };
  }
  if (kind === 0x5650384c) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, dotsPerInch: undefined };
  }
  return {
    width: view.getUint16(26, true) & 0x3fff,
    height: view.getUint16(28, true) & 0x3fff,
    dotsPerInch: undefined,
  };
}

/** Reads the size of a picture from its head, before anything is decoded; undefined when it is none we know. */
export function imageSize(bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of [readPng, readJpeg, readGif, readBmp, readTiff, readWebp]) {
    const size = read(view);
    if (size !== undefined) return size;
  }
  return undefined;
}
