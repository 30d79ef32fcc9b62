#include "database/condition_names.h"

#include <algorithm>
#include <array>

namespace tidegauge {
namespace {

struct Condition {
  std::string_view sqlstate;
  std::string_view name;
};

// Sorted by SQLSTATE.
constexpr std::array kConditions = {
    Condition{"22000", "data_exception"},
    Condition{"22001", "string_data_right_truncation"},
    Condition{"22002", "null_value_no_indicator_parameter"},
    Condition{"22003", "numeric_value_out_of_range"},
    Condition{"22004", "null_value_not_allowed"},
    Condition{"22005", "error_in_assignment"},
    Condition{"22007", "invalid_datetime_format"},
    Condition{"22008", "datetime_field_overflow"},
    Condition{"22009", "invalid_time_zone_displacement_value"},
    Condition{"2200B", "escape_character_conflict"},
    Condition{"2200C", "invalid_use_of_escape_character"},
    Condition{"2200D", "invalid_escape_octet"},
    Condition{"2200F", "zero_length_character_string"},
    Condition{"2200G", "most_specific_type_mismatch"},
    Condition{"2200H", "sequence_generator_limit_exceeded"},
    Condition{"2200L", "not_an_xml_document"},
    Condition{"2200M", "invalid_xml_document"},
    Condition{"2200N", "invalid_xml_content"},
    Condition{"2200S", "invalid_xml_comment"},
    Condition{"2200T", "invalid_xml_processing_instruction"},
    Condition{"22010", "invalid_indicator_parameter_value"},
    Condition{"22011", "substring_error"},
    Condition{"22012", "division_by_zero"},
    Condition{"22013", "invalid_preceding_or_following_size"},
    Condition{"22014", "invalid_argument_for_ntile_function"},
    Condition{"22015", "interval_field_overflow"},
    Condition{"22016", "invalid_argument_for_nth_value_function"},
    Condition{"22018", "invalid_character_value_for_cast"},
    Condition{"22019", "invalid_escape_character"},
    Condition{"2201B", "invalid_regular_expression"},
    Condition{"2201E", "invalid_argument_for_logarithm"},
    Condition{"2201F", "invalid_argument_for_power_function"},
    Condition{"2201G", "invalid_argument_for_width_bucket_function"},
    Condition{"2201W", "invalid_row_count_in_limit_clause"},
    Condition{"2201X", "invalid_row_count_in_result_offset_clause"},
    Condition{"22021", "character_not_in_repertoire"},
    Condition{"22022", "indicator_overflow"},
    Condition{"22023", "invalid_parameter_value"},
    Condition{"22024", "unterminated_c_string"},
    Condition{"22025", "invalid_escape_sequence"},
    Condition{"22026", "string_data_length_mismatch"},
    Condition{"22027", "trim_error"},
    Condition{"2202E", "array_subscript_error"},
    Condition{"2202G", "invalid_tablesample_repeat"},
    Condition{"2202H", "invalid_tablesample_argument"},
    Condition{"22030", "duplicate_json_object_key_value"},
    Condition{"22031", "invalid_argument_for_sql_json_datetime_function"},
    Condition{"22032", "invalid_json_text"},
    Condition{"22033", "invalid_sql_json_subscript"},
    Condition{"22034", "more_than_one_sql_json_item"},
    Condition{"22035", "no_sql_json_item"},
    Condition{"22036", "non_numeric_sql_json_item"},
    Condition{"22037", "non_unique_keys_in_a_json_object"},
    Condition{"22038", "singleton_sql_json_item_required"},
    Condition{"22039", "sql_json_array_not_found"},
    Condition{"2203A", "sql_json_member_not_found"},
    Condition{"2203B", "sql_json_number_not_found"},
    Condition{"2203C", "sql_json_object_not_found"},
    Condition{"2203D", "too_many_json_array_elements"},
    Condition{"2203E", "too_many_json_object_members"},
    Condition{"2203F", "sql_json_scalar_required"},
    Condition{"2203G", "sql_json_item_cannot_be_cast_to_target_type"},
    Condition{"22P01", "floating_point_exception"},
    Condition{"22P02", "invalid_text_representation"},
    Condition{"22P03", "invalid_binary_representation"},
    Condition{"22P04", "bad_copy_file_format"},
    Condition{"22P05", "untranslatable_character"},
    Condition{"22P06", "nonstandard_use_of_escape_character"},
    Condition{"22P07", "datum_version_mismatch"},
    Condition{"23000", "integrity_constraint_violation"},
    Condition{"23001", "restrict_violation"},
    Condition{"23502", "not_null_violation"},
    Condition{"23503", "foreign_key_violation"},
    Condition{"23505", "unique_violation"},
    Condition{"23514", "check_violation"},
    Condition{"23P01", "exclusion_violation"},
};

}  // namespace

std::string_view ConditionName(std::string_view sqlstate) {
  const auto found = std::lower_bound(
      kConditions.begin(), kConditions.end(), sqlstate,
      [](const Condition& condition, std::string_view code) { return condition.sqlstate < code; });
  if (found != kConditions.end() && found->sqlstate == sqlstate) return found->name;
  return sqlstate.substr(0, 2) == "23" ? "integrity_constraint_violation" : "data_exception";
}

}  // namespace tidegauge
