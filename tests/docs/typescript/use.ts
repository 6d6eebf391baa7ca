// Ordinary use of the client's types: what compiles here, people can write.
import type { components, operations, paths } from "./api";

type Answer<Name extends keyof operations, Status extends number> =
  operations[Name]["responses"] extends Record<Status, { content: { "application/json": infer Told } }> ? Told : never;

type Input<Name extends keyof operations> =
  NonNullable<operations[Name]["requestBody"]> extends { content: { "application/json": infer Sent } } ? Sent : never;

const project: Input<"projects_create"> = { name: "Dry stone wall" };
const issue: Input<"issues_create"> = { title: "A stone is loose" };
const change: Input<"issues_update"> = { milestone: null };
const nothing: Input<"issues_update"> = {};

// @ts-expect-error A title is text.
const wrong: Input<"issues_create"> = { title: 7 };
// @ts-expect-error A title must be there.
const untitled: Input<"issues_create"> = {};

export function titles(list: Answer<"issues_list", 200>): string[] {
  const following: string | null = list.next;
  const total: number | null = list.total;
  return list.items.map((one) => `${one.key} ${one.title} ${following} ${total}`);
}

export const everyList: Answer<"labels_list", 200>["items"][number]["name"][] = [];
export const made: Answer<"projects_create", 201>["key"] = "WALL";
export const headers: operations["issues_update"]["parameters"]["header"] = { "If-Match": '"3"' };
export const once: operations["issues_create"]["parameters"]["header"] = { "Idempotency-Key": "8e03978e" };
export const problem: components["schemas"]["Problem"]["errors"] = [{ field: "title", message: "is required" }];
export type Address = paths["/projects/{project}/issues/{number}"]["get"];
export const sent = [project, issue, change, nothing, wrong, untitled];
