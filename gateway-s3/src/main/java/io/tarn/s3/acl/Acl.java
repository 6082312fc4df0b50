package io.tarn.s3.acl;

import io.tarn.s3.call.Caller;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The grants on a bucket or object. Groups stand before users, as the clients that compare lists expect; otherwise the order
 * is the one given. The owner is kept elsewhere and has full control whatever stands here.
 *
 * <p>Kept as text: {@code PERMISSION=u:tenant/user} and {@code PERMISSION=g:GROUP}, joined by commas; {@code -} for no grant
 * at all. No text stands for {@link #ownerOnly}.
 *
 * @param grants most of them {@link #MAX_GRANTS}
 */
public record Acl(List<Grant> grants) {
    /** Most grants of one list, as on AWS. */
    public static final int MAX_GRANTS = 100;

    private static final String NO_GRANTS = "-";

    public Acl {
        var ordered = new ArrayList<Grant>(grants.size());
        for (Grant grant : grants) {
            if (grant.grantee() instanceof Grantee.Group) {
                ordered.add(grant);
            }
        }
        for (Grant grant : grants) {
            if (grant.grantee() instanceof Grantee.User) {
                ordered.add(grant);
            }
        }
        grants = List.copyOf(ordered);
    }

    /** One grant. */
    public record Grant(Grantee grantee, Permission permission) {}

    /** What a bucket or object starts with: its owner may do everything. */
    public static Acl ownerOnly(final String owner) {
        return new Acl(List.of(new Grant(new Grantee.User(owner), Permission.FULL_CONTROL)));
    }

    /** Whether a grant allows this caller that. */
    public boolean allows(final Caller caller, final Permission wanted) {
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            if (grant.permission().allows(wanted) && grant.grantee().includes(caller)) {
                return true;
            }
        }
        return false;
    }

    /** Reads what {@link #toText} wrote. */
    public static Acl parse(final Optional<String> text, final String owner) {
        if (text.isEmpty()) {
            return ownerOnly(owner);
        }
        var grants = new ArrayList<Grant>();
        String rest = text.get().equals(NO_GRANTS) ? "" : text.get();
        while (!rest.isEmpty()) {
            int comma = rest.indexOf(',');
            String grant = comma < 0 ? rest : rest.substring(0, comma);
            rest = comma < 0 ? "" : rest.substring(comma + 1);
            int equals = grant.indexOf('=');
            String grantee = grant.substring(equals + 3);
            grants.add(new Grant(
                    grant.startsWith("u:", equals + 1) ? new Grantee.User(grantee) : Grantee.Group.valueOf(grantee),
                    Permission.valueOf(grant.substring(0, equals))));
        }
        return new Acl(grants);
    }

    /** The list as it is stored; nothing where it is what everything starts with. */
    public Optional<String> toText(final String owner) {
        if (equals(ownerOnly(owner))) {
            return Optional.empty();
        }
        if (grants.isEmpty()) {
            return Optional.of(NO_GRANTS);
        }
        var text = new StringBuilder(grants.size() * 32);
        for (Grant grant : grants) {
            text.append(text.isEmpty() ? "" : ",").append(grant.permission().name());
            switch (grant.grantee()) {
                case Grantee.User user -> text.append("=u:").append(user.qualifiedName());
                case Grantee.Group group -> text.append("=g:").append(group.name());
            }
        }
        return Optional.of(text.toString());
    }
}
