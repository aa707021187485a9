/** A field of a small form; empty where there is none. */
export async function readField(request: Request, name: string): Promise<string> {
  const form = await request.formData().catch(() => new FormData()) // not a form at all
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
