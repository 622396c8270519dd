import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Metafile } from "esbuild";
import { root } from "./bundle.ts";
import type { PlatformNode } from "./platform-node.ts";

/** Something of somebody else's that is inside what is published. `sha512` is that of the package it came as, in hex. */
export type Inside = {
  name: string;
  version: string;
  /** Its address as a package, by the rules of package URLs. */
  purl: string;
  /** An SPDX expression; absent where its publisher does not tell. */
  license: string | undefined;
  /** The terms themselves, whole. */
  text: string | undefined;
  sha512: string | undefined;
};

type Manifest = { name: string; version: string; license?: string; author?: string | { name?: string } };
type Lock = { packages: { [path: string]: { integrity?: string } } };

/** Every package that went into bundles, with what these have inside in turn and with SQLite, ordered by name and version. */
export async function packagesInside(metafile: Metafile): Promise<Inside[]> {
  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as Lock;
  const folders = new Set<string>();
  const prebuilt: Inside[] = [];
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      if (folder === undefined || bytesInOutput === 0) continue;
      folders.add(folder);
      if (folder.endsWith("/render-graphiql")) prebuilt.push(...namedIn(await readFile(join(root, path), "utf8")));
    }
  }
  // The addon is compiled from these two.
  folders.add("node_modules/node-addon-api");
  const packages = await Promise.all([...folders].map((folder) => packageIn(folder, lock)));
  const all = new Map([...prebuilt, ...packages, sqlite()].map((one) => [one.purl, one]));
  return [...all.values()].sort((left, right) => (left.purl < right.purl ? -1 : 1));
}

/** Node itself, whose file of terms names everything inside it too. */
export async function nodeInside({ version, folder }: PlatformNode): Promise<Inside> {
  const text = await readFile(join(folder, "LICENSE"), "utf8");
  return { name: "node", version, purl: `pkg:generic/node@${version}`, license: "MIT", text, sha512: undefined };
}

async function packageIn(folder: string, lock: Lock): Promise<Inside> {
  const manifest = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8")) as Manifest;
  const { name, version, license } = manifest;
  const [, hash] = /^sha512-(.+)$/.exec(lock.packages[folder]?.integrity ?? "") ?? [];
  return {
    name,
    version,
    purl: purlOf(name, version),
    license,
    text: await termsIn(join(root, folder), manifest),
    sha512: hash === undefined ? undefined : Buffer.from(hash, "base64").toString("hex"),
  };
}

async function termsIn(folder: string, { name, license, author }: Manifest): Promise<string> {
  const files = (await readdir(folder)).filter((file) => /^(?:licen[cs]e|copying|notice)(?:\.|$)/i.test(file)).sort();
  const found = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  if (found.length > 0) return found.map((text) => text.trim()).join("\n\n");
  // Some packages only name their terms.
  if (license === "Apache-2.0") return (await readFile(join(root, "LICENSE"), "utf8")).trim();
  const holder = (typeof author === "string" ? author : author?.name) ?? `the authors of ${name}`;
  if (license === "MIT") return mit.replace("HOLDER", holder);
  throw new Error(`The terms of ${name} (${license}) are not in its package.`);
}

/** GraphiQL comes as a page that its publisher has bundled, in whose remarks the packages are named. */
function namedIn(page: string): Inside[] {
  const names = [...page.matchAll(/\.pnpm\/((?:@[\w.-]+\+)?[\w.-]+)@(\d+\.\d+\.\d+[\w.-]*)/g)];
  return names.map(([, name = "", version = ""]) => {
    const plain = name.replace("+", "/");
    const own = version.replace(/_.*$/, "");
    return {
      name: plain,
      version: own,
      purl: purlOf(plain, own),
      license: undefined,
      text: undefined,
      sha512: undefined,
    };
  });
}

function sqlite(): Inside {
  const database = new Database(":memory:");
  const version = String(database.prepare("select sqlite_version()").pluck().get());
  database.close();
  const text = "The author disclaims copyright to this source code: SQLite is in the public domain.";
  return {
    name: "sqlite",
    version,
    purl: `pkg:generic/sqlite@${version}`,
    license: "blessing",
    text,
    sha512: undefined,
  };
}

function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

const mit = `Copyright (c) HOLDER

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE,
ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
