import { DurableObject } from "cloudflare:workers";
import type { AuditCheck } from "../../../shared/api/audit.ts";
import type { Env } from "../../env.ts";
import { workspaceKey } from "../../security/seal.ts";
import { migrateSqlite } from "../migrate-sqlite.ts";
import { AUDIT_STEPS, appendEntries, checkEntries, listEntries } from "./audit-store.ts";
import type { AuditChange, AuditFilter, AuditRow, AuditRpc } from "./rpc.ts";

/** One a workspace: the log of who changed what. It has one writer, and no way to change or forget an entry. */
export class AuditObject extends DurableObject<Env> implements AuditRpc {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrateSqlite(ctx.storage, AUDIT_STEPS);
  }

  async append(workspace: string, changes: AuditChange[]): Promise<number> {
    const { chain } = await workspaceKey(this.env, workspace);
    return this.ctx.storage.transactionSync(() => appendEntries(this.ctx.storage.sql, chain, changes, Date.now()).seq);
  }

  async list(filter: AuditFilter): Promise<AuditRow[]> {
    return listEntries(this.ctx.storage.sql, filter);
  }

  async verify(workspace: string, after: number, limit: number): Promise<AuditCheck> {
    const { chain } = await workspaceKey(this.env, workspace);
    return checkEntries(this.ctx.storage.sql, chain, after, limit);
  }
}
