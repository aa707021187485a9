/** Ends a check: prints what it found, or one line that says what was looked at. */
export function finish(problems: readonly string[], looked: string): void {
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
  console.log(problems.length > 0 ? `${problems.length} problems` : looked)
}
