/** How a command can end, by its exit code: the table that `--help` and the README show. */
export const exitCodes = {
  done: { code: 0, meaning: "Done." },
  failed: { code: 1, meaning: "It failed; one line on standard error says why." },
  usage: { code: 2, meaning: "The command line is wrong." },
  notFound: { code: 3, meaning: "There is no such interaction." },
  notCompleted: {
    code: 4,
    meaning: "The interaction ended, but did not complete: failed, incomplete, cancelled, or waiting for results.",
  },
  interrupted: {
    code: 130,
    meaning: "Ctrl-C; another signal gives 128 and its number. `serve` gives 0 once it has stopped.",
  },
} as const satisfies { readonly [name: string]: { code: number; meaning: string } };
