package io.tarn.server.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A user as people name it: {@code TENANT/USER}.
 *
 * @param tenant tenant
 * @param user user within it
 */
record QualifiedUser(String tenant, String user) {
    static final class Converter implements ITypeConverter<QualifiedUser> {
        @Override
        public QualifiedUser convert(final String text) {
            final int slash = text.indexOf('/');
            if (slash < 1 || slash == text.length() - 1) {
                throw new TypeConversionException("'" + text + "' is not of the form TENANT/USER");
            }
            return new QualifiedUser(text.substring(0, slash), text.substring(slash + 1));
        }
    }

    String path() {
        return "/tenants/" + Paths.segment(tenant) + "/users/" + Paths.segment(user);
    }
}
