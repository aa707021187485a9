/** An RSA key of 512 bits, made once. */
export const weakKey = {
  kty: 'RSA',
  kid: 'weak',
  n: 'xgxDMlhmg-oRIplR-WoLwAB8tLgR2g64ZEXn-y2CuA6VnO2wVP2HaRn5To9CfZh-j5NRUKt3cQg3HdyiRzvf7w',
  e: 'AQAB',
}

/** An id_token of https://fake.test for fake-client until 2099, without a nonce, truly signed with that key. */
export const weakIdToken: string = [
  'eyJhbGciOiJSUzI1NiIsImtpZCI6IndlYWsifQ',
  'eyJpc3MiOiJodHRwczovL2Zha2UudGVzdCIsImF1ZCI6ImZha2UtY2xpZW50Iiwic3ViIjoiNTgzMjMxIiwiaWF0IjoxNzYwMDAwMDAwLCJleHAiOjQwNzA5MDg4MDB9',
  'Oa5J7qso3wb9yVZgLaTp6L39Rl0ff2mJzKKJrUNeYTsLgNynr-GQ1oKYeo0JyFL_iswiWRA4WDnKyao1QuSgbg',
].join('.')
