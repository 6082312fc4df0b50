package io.tarn.s3.call;

import io.tarn.client.Principal;
import java.util.Optional;

/**
 * Who sent a request.
 *
 * @param principal the user whose key signed it; empty for an anonymous request
 */
public record Caller(Optional<Principal> principal) {
    public static final Caller ANONYMOUS = new Caller(Optional.empty());

    public boolean isAnonymous() {
        return principal.isEmpty();
    }

    /** Whether this is a user of the root tenant, who may do everything. */
    public boolean isRoot() {
        return principal.isPresent() && principal.get().root();
    }

    /** Whether this is the user {@code tenant/user}. */
    public boolean is(final String qualifiedName) {
        return principal.isPresent() && principal.get().qualifiedName().equals(qualifiedName);
    }
}
