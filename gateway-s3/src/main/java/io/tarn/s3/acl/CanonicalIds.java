package io.tarn.s3.acl;

import io.tarn.client.Administration;
import java.util.Optional;

/**
 * The ids by which S3 documents call users. Within the tenant that owns the bucket a user's id is the bare user name; users of
 * other tenants are {@code tenant$user}. So an id means one user, whoever looks.
 */
public final class CanonicalIds {
    private static final char SEPARATOR = '$';

    private final Administration administration;

    public CanonicalIds(final Administration administration) {
        this.administration = administration;
    }

    /**
     * The id of a user.
     *
     * @param qualifiedName {@code tenant/user}
     * @param tenant the tenant in whose bucket the user is named
     */
    public static String idOf(final String qualifiedName, final String tenant) {
        int slash = qualifiedName.indexOf('/');
        return slash == tenant.length() && qualifiedName.startsWith(tenant)
                ? qualifiedName.substring(slash + 1)
                : qualifiedName.substring(0, slash) + SEPARATOR + qualifiedName.substring(slash + 1);
    }

    /** The name shown beside an id. */
    public static String displayName(final String qualifiedName) {
        return qualifiedName.substring(qualifiedName.indexOf('/') + 1);
    }

    /** The user {@code tenant/user} that an id stands for, if there is one. */
    public Optional<String> resolve(final String id, final String tenant) {
        int separator = id.indexOf(SEPARATOR);
        String ofTenant = separator < 0 ? tenant : id.substring(0, separator);
        String name = id.substring(separator + 1);
        if (ofTenant.isEmpty() || name.isEmpty() || name.indexOf('/') >= 0) {
            return Optional.empty();
        }
        return administration.user(ofTenant, name).map(user -> user.qualifiedName());
    }
}
