import { expectTypeOf, test } from "vitest";
import type { Account as WireAccount } from "../../shared/api/account.ts";
import type { Integration } from "../../shared/api/integration.ts";
import type { Run } from "../../shared/api/run.ts";
import type { GetToken as OwnGetToken } from "../api/token-source.ts";
import type { Message as OwnMessage } from "../i18n/i18n.ts";
import type { Account, GetToken, IntegrationStatus, Message, RunStatus } from "./public-types.ts";

test("the package's types are those of the wire", () => {
  expectTypeOf<Account>().toEqualTypeOf<WireAccount>();
  expectTypeOf<IntegrationStatus>().toEqualTypeOf<Integration["status"]>();
  expectTypeOf<RunStatus>().toEqualTypeOf<Run["status"]>();
  expectTypeOf<GetToken>().toEqualTypeOf<OwnGetToken>();
  expectTypeOf<Message>().toExtend<OwnMessage>();
});
