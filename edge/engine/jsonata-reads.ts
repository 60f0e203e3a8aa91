import type jsonata from "jsonata";
import { ExpressionError } from "./expression-error.ts";

type Node = jsonata.ExprNode | null | undefined;

/** The paths from the scope's root that an expression reads, cut at two steps. Throws where it asks for `$eval`. */
export function findReads(ast: jsonata.ExprNode, text: string, offset: number): string[] {
  const found = new Set<string>();
  const walk = (node: unknown, isRooted: boolean): void => {
    if (Array.isArray(node)) for (const item of node) walk(item, isRooted);
    else if (node !== null && typeof node === "object") visit(node as jsonata.ExprNode, isRooted);
  };
  const visit = (node: jsonata.ExprNode, isRooted: boolean): void => {
    if (node.type === "variable" && node.value === "eval")
      throw new ExpressionError("syntax", "$eval is not available: write the expression itself", text, offset + (node.position ?? 1) - 1);
    if (node.steps) {
      const [head, ...rest] = node.steps;
      const isRoot = head?.type === "variable" && head.value === "$";
      const names = isRoot ? rest : isRooted ? node.steps : [];
      const path = leadingNames(names);
      if (path.length) found.add(path.slice(0, 2).join("."));
      node.steps.forEach((step, index) => {
        for (const [key, value] of Object.entries(step)) if (key !== "value") walk(value, isRooted && index === 0 && step.type !== "name");
      });
      walk(Reflect.get(node, "group"), false);
      return;
    }
    if (node.type === "name" && isRooted && typeof node.value === "string") found.add(node.value);
    for (const [key, value] of Object.entries(node))
      if (key !== "position" && key !== "ancestor") walk(value, isRooted && key !== "predicate" && key !== "stages");
  };
  visit(ast, true);
  return [...found];
}

function leadingNames(steps: readonly Node[]): string[] {
  const names: string[] = [];
  for (const step of steps) {
    if (step?.type !== "name" || typeof step.value !== "string") break;
    names.push(step.value);
    if (Reflect.has(step, "stages") || Reflect.has(step, "predicate")) break;
  }
  return names;
}
