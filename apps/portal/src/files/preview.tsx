import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { client } from '../api/client.ts'
import type { LoadedFile } from '../api/files.ts'
import { formatBytes } from '../text/bytes.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { previewKindOf, prettyJson } from './media.ts'

const maxTextBytes = 1024 ** 2
const maxImageBytes = 16 * 1024 ** 2

/** What a file looks like. Nothing of it runs here: text is shown as text, whatever it is written in, and images are drawn. */
export function Preview({ workspaceId, file }: { workspaceId: string; file: LoadedFile }) {
  const kind = previewKindOf(file)
  const size = file.size_bytes ?? 0
  const limit = kind === 'image' ? maxImageBytes : maxTextBytes
  if (kind === 'pdf') {
    return (
      <NoPreview>
        PDFs are not opened inside Freehold, because a document of a stranger would run beside your session. Download it to read it.
      </NoPreview>
    )
  }
  if (kind === 'none') return <NoPreview>There is no preview of files of this type. Download it to open it.</NoPreview>
  if (size === 0) return <NoPreview>The file is empty.</NoPreview>
  if (size > limit) {
    return (
      <NoPreview>
        It has {formatBytes(size)}; {kind === 'image' ? 'images' : 'texts'} are shown up to {formatBytes(limit)}. Download it to open it.
      </NoPreview>
    )
  }
  const Shown = kind === 'image' ? ImagePreview : TextPreview
  return <Shown key={file.version} workspaceId={workspaceId} file={file} isJson={kind === 'json'} />
}

const NoPreview = ({ children }: { children: ReactNode }) => (
  <p className="rounded-md bg-sunken px-4 py-6 text-center text-sm text-pretty text-fg-2 ring-1 ring-line ring-inset">{children}</p>
)

type ShownProps = { workspaceId: string; file: LoadedFile; isJson: boolean }

/** The bytes, kept no longer than they are looked at. */
function useContent<T>({ workspaceId, file }: Omit<ShownProps, 'isJson'>, read: (response: Response) => Promise<T>) {
  return useQuery({
    queryKey: ['file-content', workspaceId, file.id, file.version],
    queryFn: async ({ signal }) => read(await client.getFileContent({ workspace_id: workspaceId, file_id: file.id }, { signal })),
    staleTime: Infinity,
    gcTime: 0,
  })
}

function TextPreview({ isJson, file, ...place }: ShownProps) {
  const query = useContent({ ...place, file }, (response) => response.text())
  return (
    <Loaded query={query} what="the preview" skeleton={<Skeleton className="h-40 w-full" />}>
      {(text) => {
        if (text.includes('\0')) return <NoPreview>It says that it is text, but it is not. Download it to open it.</NoPreview>
        const pretty = isJson ? prettyJson(text) : text
        return (
          <>
            <pre
              tabIndex={0}
              role="region"
              aria-label={`Content of ${file.name}`}
              className="max-h-96 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs leading-[1.45rem] text-fg-2 ring-1 ring-line ring-inset"
            >
              {pretty ?? text}
            </pre>
            {pretty === undefined && <p className="mt-1.5 text-xs text-fg-3">It is not well-formed JSON, so it is shown as it is.</p>}
          </>
        )
      }}
    </Loaded>
  )
}

function ImagePreview({ file, workspaceId }: ShownProps) {
  const query = useContent({ workspaceId, file }, (response) => response.blob())
  return (
    <Loaded query={query} what="the preview" skeleton={<Skeleton className="h-40 w-full" />}>
      {(blob) => <Picture blob={blob} name={file.name} />}
    </Loaded>
  )
}

function Picture({ blob, name }: { blob: Blob; name: string }) {
  const [url, setUrl] = useState<string>()
  const [isBroken, setIsBroken] = useState(false)
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  if (isBroken) return <NoPreview>This browser cannot draw it. Download it to open it.</NoPreview>
  return (
    <div className="grid min-h-24 place-items-center rounded-md bg-sunken p-3 ring-1 ring-line ring-inset">
      {url && <img src={url} alt={`Preview of ${name}`} onError={() => setIsBroken(true)} className="max-h-96 max-w-full rounded-xs" />}
    </div>
  )
}
