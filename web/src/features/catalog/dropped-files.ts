/** What was dropped or picked, as footage: folders are walked, and what is plainly no footage in them is left out. */
export type Footage = { readonly name: string; readonly file: File };
export type Dropped = { readonly footage: readonly Footage[]; readonly numSkipped: number };

const extensions = /\.(mp4|m4v|mov|mkv|webm|avi|mpe?g|ts|mts|m2ts|mxf|wmv|flv|ogv|3gp|gif)$/i;

export function looksLikeFootage(name: string, type: string): boolean {
  return type.startsWith("video/") || extensions.test(name);
}

/** A file that somebody chose by itself is always sent: the server says better than a name why it is refused. */
export function chooseFootage(files: readonly Footage[], isFromFolder: boolean): Dropped {
  const footage = files.filter(({ name, file }) => !isFromFolder || looksLikeFootage(name, file.type));
  return { footage, numSkipped: files.length - footage.length };
}

export async function readDrop(items: DataTransferItemList): Promise<Dropped> {
  // The list is emptied when the event ends, so every entry is taken before the first await.
  const entries = [...items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry());
  const read = await Promise.all(entries.map((entry) => (entry === null ? [] : walk(entry))));
  const parts = read.map((files, index) => chooseFootage(files, entries[index]?.isDirectory === true));
  return {
    footage: parts.flatMap((part) => part.footage),
    numSkipped: parts.reduce((sum, part) => sum + part.numSkipped, 0),
  };
}

async function walk(entry: FileSystemEntry): Promise<Footage[]> {
  if (entry instanceof FileSystemFileEntry) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ name: entry.fullPath.replace(/^\//, ""), file }];
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const reader = entry.createReader();
  const found: FileSystemEntry[] = [];
  // A reader gives at most a hundred entries at a time, and none when it is done.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) break;
    found.push(...some);
  }
  return (await Promise.all(found.map(walk))).flat();
}

/** From a file input, folders included. */
export function fromInput(list: FileList): Dropped {
  const files = [...list].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  return chooseFootage(
    files,
    files.some(({ file }) => file.webkitRelativePath !== ""),
  );
}
