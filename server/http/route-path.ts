/** What the router sees in place of a version and of Vertex's project and location. */
export const versionedPrefix = "/v";

/**
 * A version, perhaps with a project and location, before one of the resources that have versions. Official clients from
 * 2.9 on escape the slashes of Vertex's part when their base URL has a path.
 */
const versioned =
  /\/(?:v1|v1beta|v1alpha|v1beta1)(?:(?:\/|%2[Ff])projects(?:\/|%2[Ff])[^/]+(?:\/|%2[Ff])locations(?:\/|%2[Ff])[^/]+)?(?=\/(?:interactions|models|publishers)(?:\/|$))/;

/** What has no version, behind whatever path. */
const unversioned = /\/(?:healthz|openapi\.json|media\/[^/]+)$/;

/**
 * The path that is routed. Every version answers alike, and what stands before it does not matter: SDKs keep the path of
 * the base URL that they are given, whatever it is.
 */
export function routePath(url: string): string {
  const path = pathOfUrl(url);
  const version = versioned.exec(path);
  if (version !== null) return versionedPrefix + path.slice(version.index + version[0].length).replace(/\/$/, "");
  return unversioned.exec(path)?.[0] ?? path;
}

/** The path of an absolute URL, as it was sent. */
export function pathOfUrl(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  if (start === -1) return "/";
  const query = url.indexOf("?", start);
  const hash = url.indexOf("#", start);
  return url.slice(start, Math.min(query === -1 ? url.length : query, hash === -1 ? url.length : hash));
}
