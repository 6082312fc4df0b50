package io.tarn.server.admin;

import io.tarn.client.AccessKey;
import io.tarn.client.Quota;
import io.tarn.client.User;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.server.admin.Documents.KeyChange;
import io.tarn.server.admin.Documents.KeyDocument;
import io.tarn.server.admin.Documents.Limits;
import io.tarn.server.admin.Documents.NewKey;
import io.tarn.server.admin.Documents.NewTenant;
import io.tarn.server.admin.Documents.NewUser;
import io.tarn.server.admin.Documents.TenantChange;
import io.tarn.server.admin.Documents.TenantDocument;
import io.tarn.server.admin.Documents.UserChange;
import io.tarn.server.admin.Documents.UserDocument;
import java.util.List;
import java.util.Optional;

/** Tenants, their users, and the users' access keys. */
final class AccountEndpoints {
    private static final String USERS = "/tenants/{tenant}/users";
    private static final String KEYS = USERS + "/{user}/keys";

    private AccountEndpoints() {}

    static List<Endpoint> all() {
        return List.of(
                Endpoint.get("/tenants", AccountEndpoints::tenants),
                Endpoint.post("/tenants", AccountEndpoints::createTenant),
                Endpoint.get("/tenants/{tenant}", AccountEndpoints::tenant),
                Endpoint.patch("/tenants/{tenant}", AccountEndpoints::changeTenant),
                Endpoint.delete("/tenants/{tenant}", AccountEndpoints::deleteTenant),
                Endpoint.get(USERS, AccountEndpoints::users),
                Endpoint.post(USERS, AccountEndpoints::createUser),
                Endpoint.get(USERS + "/{user}", AccountEndpoints::user),
                Endpoint.patch(USERS + "/{user}", AccountEndpoints::changeUser),
                Endpoint.delete(USERS + "/{user}", AccountEndpoints::deleteUser),
                Endpoint.get(KEYS, AccountEndpoints::keys),
                Endpoint.post(KEYS, AccountEndpoints::createKey),
                Endpoint.get("/keys/{key}", AccountEndpoints::key),
                Endpoint.patch("/keys/{key}", AccountEndpoints::changeKey),
                Endpoint.delete("/keys/{key}", AccountEndpoints::deleteKey));
    }

    private static Object tenants(final Call call) {
        return call.administration().tenants().stream()
                .filter(tenant -> call.caller().sees(tenant.name()))
                .map(tenant -> TenantDocument.of(tenant, Optional.empty()))
                .toList();
    }

    private static Object createTenant(final Call call) {
        call.caller().requireRoot();
        final NewTenant wanted = call.body(NewTenant.class);
        final Quota quota = wanted.quota().map(Limits::quota).orElse(Quota.NONE);
        return TenantDocument.of(call.administration().createTenant(name(wanted.name()), quota), Optional.empty());
    }

    private static Object tenant(final Call call) {
        final String name = call.variable("tenant");
        call.caller().requireTenant(name);
        return call.administration()
                .tenant(name)
                .map(tenant -> TenantDocument.of(
                        tenant, Optional.of(call.administration().tenantUsage(name))))
                .orElseThrow(() -> missing("tenant " + name));
    }

    private static Object changeTenant(final Call call) {
        call.caller().requireRoot();
        final Limits quota = call.body(TenantChange.class)
                .quota()
                .orElseThrow(() -> new StorageException(Failure.INVALID_ARGUMENT, "nothing to change"));
        return TenantDocument.of(
                call.administration().setTenantQuota(call.variable("tenant"), quota.quota()), Optional.empty());
    }

    private static void deleteTenant(final Call call) {
        call.caller().requireRoot();
        call.administration().deleteTenant(call.variable("tenant"));
    }

    private static Object users(final Call call) {
        call.caller().requireTenant(call.variable("tenant"));
        return call.administration().users(call.variable("tenant")).stream()
                .map(UserDocument::of)
                .toList();
    }

    private static Object createUser(final Call call) {
        call.caller().requireRoot();
        final NewUser wanted = call.body(NewUser.class);
        return UserDocument.of(call.administration()
                .createUser(
                        call.variable("tenant"),
                        name(wanted.name()),
                        wanted.uid(),
                        wanted.gid(),
                        wanted.groups().orElse(List.of())));
    }

    private static User needUser(final Call call) {
        call.caller().requireTenant(call.variable("tenant"));
        return call.administration()
                .user(call.variable("tenant"), call.variable("user"))
                .orElseThrow(() -> missing("user " + call.variable("tenant") + "/" + call.variable("user")));
    }

    private static Object user(final Call call) {
        return UserDocument.of(needUser(call));
    }

    private static Object changeUser(final Call call) {
        call.caller().requireRoot();
        final User user = needUser(call);
        final UserChange change = call.body(UserChange.class);
        return UserDocument.of(call.administration()
                .setUserIds(
                        user.tenant(),
                        user.name(),
                        change.uid().orElse(user.uid()),
                        change.gid().orElse(user.gid()),
                        change.groups().orElse(user.groups())));
    }

    private static void deleteUser(final Call call) {
        call.caller().requireRoot();
        call.administration().deleteUser(call.variable("tenant"), call.variable("user"));
    }

    private static Object keys(final Call call) {
        call.caller().requireTenant(call.variable("tenant"));
        return call.administration().keys(call.variable("tenant"), call.variable("user")).stream()
                .map(KeyDocument::of)
                .toList();
    }

    private static Object createKey(final Call call) {
        call.caller().requireUser(call.variable("tenant"), call.variable("user"));
        final NewKey wanted = call.body(NewKey.class);
        return KeyDocument.of(call.administration()
                .createKey(call.variable("tenant"), call.variable("user"), wanted.accessKey(), wanted.secretKey()));
    }

    private static AccessKey needKey(final Call call) {
        return call.administration()
                .key(call.variable("key"))
                .filter(key -> call.caller().sees(key.tenant()))
                .orElseThrow(() -> missing("access key " + call.variable("key")));
    }

    private static Object key(final Call call) {
        return KeyDocument.of(needKey(call));
    }

    private static Object changeKey(final Call call) {
        final AccessKey key = needKey(call);
        call.caller().requireUser(key.tenant(), key.user());
        return KeyDocument.of(call.administration()
                .setKeyEnabled(key.id(), call.body(KeyChange.class).enabled()));
    }

    private static void deleteKey(final Call call) {
        final AccessKey key = needKey(call);
        call.caller().requireUser(key.tenant(), key.user());
        call.administration().deleteKey(key.id());
    }

    /** Jackson leaves a missing text null; the core would not take it. */
    static String name(final String given) {
        return Optional.ofNullable(given)
                .orElseThrow(() -> new StorageException(Failure.INVALID_ARGUMENT, "the body has no name"));
    }

    private static StorageException missing(final String what) {
        return new StorageException(Failure.NOT_FOUND, "no " + what);
    }
}
