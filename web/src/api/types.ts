/** The names by which the studio knows the server's schemas. */
export type * from "./draft-rows";
