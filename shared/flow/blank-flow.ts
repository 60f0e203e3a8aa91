/** A key for a flow of this name: `contacts-to-newsletter`. Empty where the name has no letter that a key may have. */
export const keyFromName = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 64);

/** The smallest flow that can be published: run by hand, it says hello. */
export const blankFlow = (key: string, name: string): string => `inlay: 1
key: ${key}
name: ${JSON.stringify(name)}
description: ""

setup:
  pages:
    - key: start
      title: Setup
      fields:
        - { key: greeting, type: text, label: Greeting, default: Hello }

blocks:
  - key: run
    name: Run by hand
    trigger: { manual: {} }
    steps:
      - { key: say, value: "{{ setup.greeting }}" }
`;
