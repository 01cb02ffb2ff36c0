/** What stands in a record for a sensitive value. As the contract has it, which as a whole is too large to be sent to a browser. */
export const vaultMask = '••••••••'
