import { Form, Link } from 'react-router'

export default function Start() {
  return (
    <>
      <Link to="/">Hello</Link>
      <Form method="post" action="/?index">
        <button type="submit">Send</button>
      </Form>
    </>
  )
}
