// This makes the typed code of a client from the schema and from the screens, as an app's build would.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { codegen } from '@graphql-codegen/core'
import * as operations from '@graphql-codegen/typescript-operations'
import * as typedDocuments from '@graphql-codegen/typed-document-node'
import { parse } from 'graphql'

const out = process.argv[2]
const screens = new URL('../server/testdata/screens/', import.meta.url)
const files = (await readdir(screens)).filter(f => f.endsWith('.graphql')).sort()
const documents = await Promise.all(files.map(async location => ({ location, document: parse(await readFile(new URL(location, screens), 'utf8')) })))
const schema = parse(await readFile(new URL('../schema/testdata/schema.golden.graphql', import.meta.url), 'utf8'))
const string = { input: 'string', output: 'string' }
const config = {
  strictScalars: true,
  scalars: { DateTime: string, LocalDateTime: string, TimeOfDay: string, TimeZone: string },
  enumType: 'string-literal',
  useTypeImports: true,
}
const text = await codegen({
  filename: out,
  schema,
  documents,
  config,
  plugins: [{ operations: {} }, { typedDocuments: {} }],
  pluginMap: { operations, typedDocuments },
})
await mkdir(new URL('generated/', import.meta.url), { recursive: true })
await writeFile(out, text)
console.log(`${documents.length} screens, ${text.length} bytes of typed code`)
