import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'

/** A file that is written piece by piece, and is there as a whole or as it was before. */
export interface WholeFile {
  write(text: string | Uint8Array): void
  close(): void
}

export function openWhole(file: string): WholeFile {
  const part = `${file}.part`
  const descriptor = openSync(part, 'w')
  return {
    write: (text) => {
      for (let bytes = Buffer.from(text); bytes.length > 0; ) bytes = bytes.subarray(writeSync(descriptor, bytes))
    },
    close: () => {
      fsyncSync(descriptor)
      closeSync(descriptor)
      renameSync(part, file)
    },
  }
}
