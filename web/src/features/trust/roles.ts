import type { Role } from "@/api/types";

/** What each role may do, in a few words. */
export const roles: readonly { readonly value: Role; readonly about: string }[] = [
  { value: "owner", about: "everything" },
  { value: "manager", about: "runs projects, data and models" },
  { value: "reviewer", about: "judges answers" },
  { value: "annotator", about: "answers tasks and proposals" },
  { value: "creator", about: "generates video" },
  { value: "viewer", about: "looks" },
  { value: "service", about: "a program" },
];

export function roleFrom(text: string): Role {
  return roles.find((role) => role.value === text)?.value ?? "viewer";
}
