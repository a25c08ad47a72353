/** A file that somebody chose or dropped. */
export interface PickedFile {
  readonly file: File;
  /** Its name, or its path when it came with a folder: `smlouvy/2024/najem.pdf`. */
  readonly path: string;
  /** What stands beside it and says who may read it and since when it holds. */
  readonly sidecar: File | undefined;
}

type Found = Pick<PickedFile, 'file' | 'path'>;

// As the server and the command line do with folders.
const SIDECAR_ENDING = '.hradlo.yaml';
const VERSIONS = '.versions';
const LITTER = /^(?:\..*|~\$.*|Thumbs\.db|desktop\.ini|.*\.(?:tmp|part|crdownload|swp))$/iu;

function isLitter(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return LITTER.test(name) || parts.some((part) => part.startsWith('.') && part !== VERSIONS);
}

/** Files in the order of their paths, each with its sidecar; what systems and editors leave behind is left out. */
export function pairFiles(found: readonly Found[]): PickedFile[] {
  const sidecars = new Map(
    found.flatMap(({ path, file }) =>
      path.endsWith(SIDECAR_ENDING) ? [[path.slice(0, -SIDECAR_ENDING.length), file] as const] : [],
    ),
  );
  return found
    .filter(({ path }) => !path.endsWith(SIDECAR_ENDING) && !isLitter(path))
    .map(({ file, path }) => ({ file, path: path.normalize('NFC'), sidecar: sidecars.get(path) }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What was chosen in a dialog: files, or a whole folder. */
export function filesOfInput(files: Iterable<File>): PickedFile[] {
  return pairFiles(Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name })));
}

/** What was dropped: files, and everything in folders however deep. Call it while the drop is being handled. */
export async function filesOfDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  // Taken at once: when the handler returns, the browser forgets what was dropped.
  const items = [...transfer.items].map((item) => ({
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const found = await Promise.all(
    items.map(async ({ entry, file }): Promise<Found[]> => {
      if (entry !== null) return filesBelow(entry);
      return file === null ? [] : [{ file, path: file.name }];
    }),
  );
  return pairFiles(found.flat());
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function filesBelow(entry: FileSystemEntry): Promise<Found[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: entry.fullPath.replace(/^\//, '') }];
  }
  if (!isFolder(entry) || isLitter(`${entry.name}/x`)) return [];
  const found: Found[] = [];
  for (const inner of await entriesOf(entry)) found.push(...(await filesBelow(inner)));
  return found;
}

/** A browser hands out a folder a hundred entries at a time. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}
