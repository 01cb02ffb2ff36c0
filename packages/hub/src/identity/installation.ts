/** The id of the one row about this installation, and of its object in the permission schema. */
export const INSTALLATION_ID = '00000000-0000-7000-8000-000000000001'
