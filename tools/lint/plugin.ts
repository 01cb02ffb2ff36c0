import { featureIndex } from './feature-index.ts'
import { fileNames } from './file-names.ts'
import { importDirection } from './import-direction.ts'
import { noModuleMocks } from './no-module-mocks.ts'
import { noSkippedTests } from './no-skipped-tests.ts'
import { noSleepInTests } from './no-sleep-in-tests.ts'
import { noSqlOutsideQueries } from './no-sql-outside-queries.ts'

/** The project's own lint rules, for oxlint's `jsPlugins`. */
export default {
  meta: { name: 'freehold' },
  rules: {
    'feature-index': featureIndex,
    'file-names': fileNames,
    'import-direction': importDirection,
    'no-module-mocks': noModuleMocks,
    'no-skipped-tests': noSkippedTests,
    'no-sleep-in-tests': noSleepInTests,
    'no-sql-outside-queries': noSqlOutsideQueries,
  },
}
