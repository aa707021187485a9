/** Makes timers of a second and more run a hundred times faster, until the function returned is called. */
export function hurry(): () => void {
  const { setTimeout } = globalThis
  const faster = (run: () => void, milliseconds = 0) =>
    setTimeout(run, milliseconds >= 1000 ? milliseconds / 100 : milliseconds)
  Reflect.set(globalThis, 'setTimeout', faster)
  return () => void Reflect.set(globalThis, 'setTimeout', setTimeout)
}
