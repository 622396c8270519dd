/**
 * The reader and writer of YAML, which most starts do without. It is a CommonJS module, which in a bundle has no name but
 * this one where it is loaded as late as here.
 */
export async function loadYaml() {
  return (await import("yaml")).default;
}
