//! Both sides by turns, in short slices, so that what else the machine does hits both.

use crate::load::{Codes, Sample, Work, flood, stroll};
use crate::program::Program;
use crate::settings::Settings;
use crate::{Outcome, proc_files};
use std::time::Duration;

/// A program and what it is asked.
pub struct Side<'a> {
    pub name: &'static str,
    pub program: &'a Program,
    pub work: Work,
    /// What earns the codes that the work spends. It is not measured, and goes before each slice, for as long.
    pub before: Option<(Work, Codes)>,
}

/// What one side did in all its slices.
pub struct Measured {
    pub what: &'static str,
    pub side: &'static str,
    pub sample: Sample,
    /// Processor time of the program and of Postgres.
    pub program: Duration,
    pub postgres: Duration,
}

impl Measured {
    pub fn milliseconds_each(&self, spent: Duration) -> f64 {
        spent.as_secs_f64() * 1e3 / self.sample.count().max(1) as f64
    }
}

pub fn side<'a>(name: &'static str, program: &'a Program, work: Work) -> Side<'a> {
    Side { name, program, work, before: None }
}

impl Side<'_> {
    pub fn after(self, earning: Work, codes: &Codes) -> Self {
        Self { before: Some((earning.earning(codes), codes.clone())), ..self }
    }
}

pub struct Bench<'a> {
    pub settings: &'a Settings,
    pub postmaster: u32,
}

impl Bench<'_> {
    pub async fn by_turns(&self, what: &'static str, sides: &[Side<'_>]) -> Outcome<Vec<Measured>> {
        println!("bench: {what} …");
        let mut all: Vec<Measured> = sides
            .iter()
            .map(|side| Measured { what, side: side.name, sample: Sample::default(), program: Duration::ZERO, postgres: Duration::ZERO })
            .collect();
        for _ in 0..self.settings.rounds {
            for (side, measured) in sides.iter().zip(&mut all) {
                if let Some((earning, codes)) = &side.before {
                    codes.clear();
                    flood(side.program.address, self.settings.slice, earning).await?;
                    side.program.come_to_rest().await?;
                }
                let (program, postgres) = self.processor_times(side.program)?;
                measured.sample.add(flood(side.program.address, self.settings.slice, &side.work).await?);
                // What the requests left to be done belongs to them.
                side.program.come_to_rest().await?;
                let (program_now, postgres_now) = self.processor_times(side.program)?;
                measured.program += program_now.saturating_sub(program);
                measured.postgres += postgres_now.saturating_sub(postgres);
            }
        }
        for measured in &mut all {
            measured.sample.sort();
            println!("  {}: {:.0}/s", measured.side, measured.sample.per_second());
        }
        Ok(all)
    }

    fn processor_times(&self, program: &Program) -> Outcome<(Duration, Duration)> {
        Ok((program.processor_time()?, proc_files::processor_time_with_children(self.postmaster)?))
    }

    /// How long a page takes at rest, and beside a flood.
    pub async fn beside_a_flood(&self, program: &Program, page: &Work, flooding: &Work) -> Outcome<(Sample, Sample)> {
        let (mut rest, mut beside) = (Sample::default(), Sample::default());
        for _ in 0..self.settings.rounds {
            rest.add(stroll(program.address, self.settings.slice, page).await?);
            let (page, flood) =
                tokio::join!(stroll(program.address, self.settings.slice, page), flood(program.address, self.settings.slice, flooding));
            flood?;
            beside.add(page?);
        }
        rest.sort();
        beside.sort();
        Ok((rest, beside))
    }
}
