export { localDataPlane } from './workspaces/index.ts'
