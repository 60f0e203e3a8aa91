/** An app file to begin with: a key that proves itself, a query with pages, an action. */
export const BLANK_APP = `inlay: 1
key: my-app
name: My app
description: ""
baseUrl: https://api.example.com

auth:
  - key: api_key
    type: api_key
    label: API key
    name: X-Api-Key
    fields:
      - { key: key, type: secret, label: API key, required: true }

test: { query: me }

queries:
  me:
    request: { path: /me }

actions:
  create_item:
    request: { method: POST, path: /items, body: "{{ input }}" }
`;
