package io.tarn.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Describes one component of a configuration record; on a component that is itself a record, {@link #value} stays empty. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /** The default, written as in a file. */
    String value() default "";

    /** What it is for, one or two sentences of Markdown. */
    String doc();
}
