/** What the code flow needs to know of a provider, by the names of RFC 8414 section 2. */
export interface Server {
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly revocation_endpoint?: string | undefined
  readonly authorization_response_iss_parameter_supported?: unknown
}
