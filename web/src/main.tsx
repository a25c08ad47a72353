/** Where the page mounts; index.html must have it. */
export const ROOT_ELEMENT_ID = 'root';
