package io.tarn.s3.acl;

import io.tarn.s3.call.Caller;
import java.util.Optional;

/** Whom a grant is for. */
public sealed interface Grantee {
    /** Whether the grant is for this caller. */
    boolean includes(Caller caller);

    /**
     * One user.
     *
     * @param qualifiedName {@code tenant/user}
     */
    record User(String qualifiedName) implements Grantee {
        @Override
        public boolean includes(final Caller caller) {
            return caller.is(qualifiedName);
        }
    }

    /** A group that AWS predefines. */
    enum Group implements Grantee {
        /** Everybody, anonymous callers too. */
        ALL_USERS("http://acs.amazonaws.com/groups/global/AllUsers"),
        /** Everybody who signs. */
        AUTHENTICATED_USERS("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"),
        /** The service that writes access logs. */
        LOG_DELIVERY("http://acs.amazonaws.com/groups/s3/LogDelivery");

        private final String uri;

        Group(final String uri) {
            this.uri = uri;
        }

        String uri() {
            return uri;
        }

        @Override
        public boolean includes(final Caller caller) {
            return switch (this) {
                case ALL_USERS -> true;
                case AUTHENTICATED_USERS -> !caller.isAnonymous();
                case LOG_DELIVERY -> false;
            };
        }

        static Optional<Group> byUri(final String uri) {
            for (Group group : values()) {
                if (group.uri.equals(uri)) {
                    return Optional.of(group);
                }
            }
            return Optional.empty();
        }
    }
}
