import { useEffect, useState } from 'react'
import type { Chosen } from './uploads.ts'

/** While something is dragged over the window, true; when it is dropped, `onDrop` gets it, whole folders with the paths inside them. */
export function useFileDrop(onDrop: (chosen: Chosen[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      // Without this the browser would open the file in place of the page.
      event.preventDefault()
      setIsOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(false)
      void readDropped(event.dataTransfer!).then(onDrop)
    }
    addEventListener('dragover', over)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
    }
  }, [onDrop])
  return isOver
}

export const chosenFrom = (files: Iterable<File>): Chosen[] => [...files].map((content) => ({ path: content.name, content }))

async function readDropped(transfer: DataTransfer): Promise<Chosen[]> {
  // What was dropped is readable now and not a moment later.
  const dropped = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => ({ entry: item.webkitGetAsEntry(), content: item.getAsFile() }))
  const chosen = await Promise.all(
    dropped.map(async ({ entry, content }) => (entry?.isDirectory ? await readEntry(entry) : chosenFrom(content ? [content] : []))),
  )
  return chosen.flat()
}

async function readEntry(entry: FileSystemEntry): Promise<Chosen[]> {
  if (entry.isDirectory) return (await Promise.all((await listEntries(entry as FileSystemDirectoryEntry)).map(readEntry))).flat()
  const content = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
  return [{ path: entry.fullPath.replace(/^\//, ''), content }]
}

async function listEntries(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const entries: FileSystemEntry[] = []
  for (;;) {
    // It answers a part at a time, and nothing at the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (part.length === 0) return entries
    entries.push(...part)
  }
}
