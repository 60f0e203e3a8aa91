// Invented people for the demo's data. The same seed gives the same people on every machine, so that tests can rely on them.

/** A demo login: the same two people use all three products. */
export interface Person {
  id: "ada" | "grace";
  name: string;
  email: string;
  company: CompanyKey;
}

export type CompanyKey = "north" | "south";

export const COMPANIES: Record<CompanyKey, { key: CompanyKey; name: string; domain: string }> = {
  north: { key: "north", name: "Northlight Studio", domain: "northlight.example" },
  south: { key: "south", name: "Southbay Freight", domain: "southbay.example" },
};

export const PEOPLE: readonly Person[] = [
  { id: "ada", name: "Ada Lovelace", email: "ada@northlight.example", company: "north" },
  { id: "grace", name: "Grace Hopper", email: "grace@southbay.example", company: "south" },
];

const FIRST =
  "Amara Anton Beatriz Camille Chidi Clara Dalia Davi Elena Emeka Farah Felix Freya Gael Hana Hugo Ines Isla Jamal Jonas Kaia Kenji Lars Leila Lucia Mads Maya Mei Milan Nadia Niko Noor Olga Omar Paula Priya Quinn Rafael Rosa Ruben Saga Samir Selma Tariq Theo Uma Vera Viktor Wanjiru Yara Yusuf Zoe".split(
    " ",
  );
const LAST =
  "Abara Aguilar Almeida Andersen Aoki Bakker Banerjee Becker Bianchi Castro Chen Costa Dubois Eriksen Farouk Fischer Fontaine Garcia Haddad Hansen Ibrahim Ivanova Jensen Kaya Keller Khan Kowalski Laurent Lindqvist Marino Mensah Moreau Nakamura Novak Nwosu Okafor Osei Park Patel Petrov Quispe Rahman Reyes Rossi Sato Silva Singh Tanaka Torres Vargas Weber Yilmaz Zhou".split(
    " ",
  );
const FIRMS =
  "Alder & Finch|Bluepeak Coffee|Brightwater Labs|Cobalt Cycles|Copper Kettle|Dunes Hotel Group|Eastgate Books|Fernhill Farms|Fjord Outfitters|Glasshouse Design|Harbour Lane Foods|Ironbark Timber|Juniper Health|Kite & Key|Lanternworks|Meridian Tours|Millstone Bakery|Nimbus Freight|Oakline Furniture|Paper Crane|Quarry Street Gym|Redwing Cycles|Saltmarsh Media|Tern & Tide|Umber Studios|Verdant Kitchens|Willow & Wren|Yellowbrick Legal".split(
    "|",
  );
const CITIES =
  "Berlin Lisbon Oslo Nairobi Kyoto Porto Lagos Lyon Ghent Bergen Turin Seville Leeds Accra Utrecht Aarhus Bogota Krakow Izmir Pune".split(
    " ",
  );

export interface InventedPerson {
  name: string;
  email: string;
  company: string;
  city: string;
  phone: string;
}

/** A repeatable source of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of `list`, by `random`. Throws where the list is empty. */
export function pick<T>(random: () => number, list: readonly T[]): T {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error("nothing to pick from");
  return chosen;
}

/** `count` people, no two with the same name or address. */
export function inventPeople(random: () => number, count: number): InventedPerson[] {
  const names = new Set<string>();
  while (names.size < Math.min(count, FIRST.length * LAST.length)) names.add(`${pick(random, FIRST)} ${pick(random, LAST)}`);
  return [...names].map((name) => {
    const company = pick(random, FIRMS);
    const domain = `${company.toLowerCase().replace(/[^a-z]+/g, "")}.example`;
    const phone = `+49 30 5550 ${String(Math.floor(random() * 9000) + 1000)}`;
    return { name, email: `${name.toLowerCase().replace(" ", ".")}@${domain}`, company, city: pick(random, CITIES), phone };
  });
}
