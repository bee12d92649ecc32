const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes for people: `16 KiB`, `4.2 MiB`. */
export function byteSize(bytes: number): string {
  let size = bytes / 1024;
  for (const unit of UNITS) {
    if (size < 1024 || unit === 'TiB') return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
    size /= 1024;
  }
  return `${bytes} B`;
}
