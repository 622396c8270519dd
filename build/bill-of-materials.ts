import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import packageJson from "../package.json" with { type: "json" };
import type { Inside } from "./inside.ts";

/** What is inside, as a CycloneDX document that says nothing of when and where it was written. */
export function writeBillOfMaterials(inside: readonly Inside[]): string {
  const { name, version, license } = packageJson;
  const own = new Models.Component(Enums.ComponentType.Application, name, {
    version,
    bomRef: `pkg:npm/${name}@${version}`,
    purl: `pkg:npm/${name}@${version}`,
    licenses: new Models.LicenseRepository([new Models.SpdxLicense(license)]),
  });
  const parts = inside.map(componentOf);
  for (const part of parts) own.dependencies.add(part.bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ component: own }),
    components: new Models.ComponentRepository(parts),
  });
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function componentOf({ name, version, purl, license, sha512 }: Inside): Models.Component {
  const [, group, plain = name] = /^(@[^/]+)\/(.+)$/.exec(name) ?? [];
  return new Models.Component(Enums.ComponentType.Library, plain, {
    version,
    purl,
    bomRef: purl,
    ...(group === undefined ? {} : { group }),
    ...(license === undefined ? {} : { licenses: new Models.LicenseRepository([new Models.SpdxLicense(license)]) }),
    ...(sha512 === undefined ? {} : { hashes: new Models.HashDictionary([[Enums.HashAlgorithm["SHA-512"], sha512]]) }),
  });
}
