// What compiles in React 18, which writes attributes alone.
import type { MarketplaceElement } from "@inlay/widget";
import type {} from "@inlay/widget/react-18";
import { useEffect, useRef } from "react";

export function Good() {
  const ref = useRef<MarketplaceElement>(null);
  useEffect(() => {
    if (ref.current) ref.current.getToken = async () => "token";
    const heard = (event: HTMLElementEventMap["inlay-run-finished"]) => event.detail.tasks;
    ref.current?.addEventListener("inlay-run-finished", heard);
    return () => ref.current?.removeEventListener("inlay-run-finished", heard);
  }, []);
  return <inlay-marketplace ref={ref} class="wide" api="https://edge.example" layout="list" readonly="" />;
}

// @ts-expect-error React 18 would write the function into an attribute
export const token = <inlay-marketplace getToken={async () => "token"} />;
// @ts-expect-error readonly="false" is read only
export const readonly = <inlay-marketplace readonly={false} />;
