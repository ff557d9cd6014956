package dev.cachetool.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** docs/output.schema.json. */
public final class OutputSchema {
    private static final Path FILE = Path.of("docs", "output.schema.json");

    private final Validator validator = new ValidatorFactory()
            .withJsonNodeFactory(new JacksonNode.Factory())
            .createValidator();
    private final URI schema;

    public OutputSchema() throws IOException {
        schema = validator.registerSchema(Files.readString(FILE));
    }

    boolean accepts(String json) {
        return validator.validate(schema, json).isValid();
    }

    /** Holds an output to the schema: one object, with a line end behind it. */
    public void hold(String json) {
        assertTrue(json.endsWith("}\n"), json);
        Validator.Result result = validator.validate(schema, json);
        StringBuilder errors = new StringBuilder();
        result.getErrors()
                .forEach(e -> errors.append(e.getInstanceLocation())
                        .append(": ")
                        .append(e.getError())
                        .append('\n'));
        assertEquals("", result.isValid() ? "" : errors.append(json).toString());
    }
}
