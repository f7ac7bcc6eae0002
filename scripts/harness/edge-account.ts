/** What every simulated edge signs in with; the programs listen on loopback and live for the length of a run. */
export const edgePassword = 'edge-secret';
